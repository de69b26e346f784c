"""Three SSH hosts on the loopback address, without root, containers or an init system.

They stand in for a company's application, database and backup server so that the
monthly backup can be played for real: own port, own host key, own home folder, own
processes. Nothing here belongs to Jobnet itself; Jobnet and Ansible see SSH hosts.
"""
