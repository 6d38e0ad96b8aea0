"""The pretrained encoder that reads a text once more when thorough reading is asked for."""
