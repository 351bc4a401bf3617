"""The display: events in, frames out, touches to intents."""

import os

# Before pygame is imported: SDL otherwise pushes each frame through software OpenGL, 16 ms instead of 1.
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
