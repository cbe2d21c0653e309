"""Skill files of any supported format -> `Skill`; samples x catalogues -> `Label`."""
