"""The pages of the desk, each a script that Streamlit runs.

The folder is not called `pages`: Streamlit would run what lies there by itself, without the frame of `ui/desk.py`.
"""
