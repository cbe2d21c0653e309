"""Other people's protocols, spoken to their clients: Rasa's HTTP API, Wyoming, Hermes over MQTT.

What each of them says of a reading and of a reply is written here, from our nouns; formats/ is the
same for their files. Wyoming and Hermes serve themselves; Rasa's endpoints are in the HTTP door.
"""
