"""Hospitals, employers, schools, insurers and other organisations."""
