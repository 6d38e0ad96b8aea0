"""The keys that seal what is kept: master keys, the keys of the store, the Chinese national ciphers."""
