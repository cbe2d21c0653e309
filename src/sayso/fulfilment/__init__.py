"""The skill's own part: reply templates, Python workers, HTTPS in Alexa's protocol."""
