"""Alipay: our movements in its words, every answer verified, and never believed beyond its words.

What it cannot say is unknown, and asked about; one number of ours moves money once.
"""

from xiaobao.gateways.alipay.config import Config, ConfigWrong, configured, read_config

# The gateway itself is imported where it is made: its library takes long to load.
__all__ = ["Config", "ConfigWrong", "configured", "read_config"]
