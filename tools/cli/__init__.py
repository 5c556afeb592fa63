"""The commands of the `aicc` tool, one file each; nothing heavy is imported before it runs."""
