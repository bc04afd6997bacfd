"""Speech -> scenes -> windows -> network -> model.tflite, card, golden vectors."""
