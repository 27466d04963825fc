# Nobody reads it: the tools are stand-ins, and ask only whether it is there.
