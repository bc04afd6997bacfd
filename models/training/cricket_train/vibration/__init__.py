"""Simulated machines -> windows -> networks -> model.tflite, card, golden vectors."""
