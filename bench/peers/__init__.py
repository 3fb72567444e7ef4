"""cohost beside two other voice frameworks: the same sound, the same scripted delays, in real time.

What is here named `drive_*` runs in a process and a virtual environment of its own and speaks JSON lines
(`wire`); it imports nothing of the project but `wire`, `microphone` and `sounding`.
"""
