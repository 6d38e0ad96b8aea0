"""The registered models: versions, the gates they pass, who promoted them and why."""
