"""How a skill with many examples gets encoder layers of its own; `sayso train --finetune` does it.

`layers` turns the encoder's int8 layers into a network of torch and back; `tune` teaches it a
skill's intents and slots; `finetune` chooses the skills, fits their heads to what the new layers
see, and keeps them only where they read better. Needs the extra `train`.
"""
