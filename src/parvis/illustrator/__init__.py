"""Draws what words describe, from painted backgrounds and vector art: the embedded image model."""
