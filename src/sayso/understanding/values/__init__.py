"""What a slot's words stand for: values of catalogues, by spelling and by sound, with their ids.

`resolve` asks `catalogue`; types of very many values lie on a `shelf`.
"""
