"""Outlive the X server: Xlib would end the process as soon as its server is gone, and the voice with it."""

import atexit
import ctypes
from typing import Any

import pygame
from loguru import logger

_ON_ERROR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_ON_EXIT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


class XConnection:
    """Whether the connection of the window that is open now still stands.

    With another screen than an X server's, or an Xlib before 1.7, there is nothing to be watched.
    """

    def __init__(self) -> None:
        self.is_lost = False
        if pygame.display.get_driver() == "x11":
            try:
                self._outlive(ctypes.CDLL("libX11.so.6"), _pointer(pygame.display.get_wm_info()["display"]))
            except (OSError, AttributeError, KeyError) as error:
                logger.debug("the kiosk will not outlive its X server: {}", error)

    def _outlive(self, xlib: Any, display: int) -> None:
        # The callbacks have to live as long as Xlib may call them.
        self._callbacks = _ON_ERROR(self._lost), _ON_EXIT(lambda *_: None)
        xlib.XSetIOErrorExitHandler.argtypes = [ctypes.c_void_p, _ON_EXIT, ctypes.c_void_p]
        xlib.XSetIOErrorExitHandler(display, self._callbacks[1], None)
        xlib.XSetIOErrorHandler(self._callbacks[0])

    def _lost(self, _display: object) -> int:
        self.is_lost = True
        # Closing a display that is gone waits for an answer for ever.
        atexit.unregister(pygame.quit)
        return 0


def _pointer(capsule: object) -> int:
    name = ctypes.pythonapi.PyCapsule_GetName
    name.restype, name.argtypes = ctypes.c_char_p, [ctypes.py_object]
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return pointer(capsule, name(capsule))
