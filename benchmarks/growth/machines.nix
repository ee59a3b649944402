# n machines of one configuration, which differ in their names and addresses.
{ nixpkgs, configuration, n }:
builtins.genList
  (i: (import "${nixpkgs}/nixos" {
    configuration = { ... }: { imports = [ configuration ]; networking.hostName = "machine${toString i}"; networking.interfaces.eth0.ipv4.addresses = [ { address = "10.0.0.${toString i}"; prefixLength = 24; } ]; };
  }).config.system.build.toplevel.drvPath)
  n
