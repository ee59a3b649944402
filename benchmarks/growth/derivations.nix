# n derivations, each with inputs among the ones before it.
{ n }:
let
  all = builtins.genList make n;
  make = i: derivation {
    name = "node${toString i}";
    system = "x86_64-linux";
    builder = "/bin/sh";
    args = [ "-c" "echo ${toString i} > $out" ];
    inputs = if i == 0 then [ ] else map (k: builtins.elemAt all ((i - 1) / k)) [ 2 3 5 ];
  };
in
builtins.stringLength (builtins.concatStringsSep "" (map (d: builtins.unsafeDiscardStringContext d.drvPath) all))
