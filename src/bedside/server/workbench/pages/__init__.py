"""The places of the workbench, one a file: where it is, who may go, and its routes."""
