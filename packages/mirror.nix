# The address of a Debian mirror: the one that this machine's own apt sources name.
#
# No address stands in this repository. FIRN_DEBIAN_MIRROR (or `--argstr mirror URL`) overrides what is found here.
let
  fromEnvironment = builtins.getEnv "FIRN_DEBIAN_MIRROR";

  files =
    [ /etc/apt/sources.list ]
    ++ (
      if builtins.pathExists /etc/apt/sources.list.d then
        map (name: /etc/apt/sources.list.d + "/${name}") (builtins.attrNames (builtins.readDir /etc/apt/sources.list.d))
      else
        [ ]
    );

  lines = builtins.concatMap (
    file:
    if builtins.pathExists file then
      builtins.filter builtins.isString (builtins.split "\n" (builtins.readFile file))
    else
      [ ]
  ) files;

  # `deb [options] URL suite …` and the `URIs: URL …` of the newer form. The main archive ends in /debian; beside it
  # stand the security archive and whatever else the machine's owner added.
  addressIn =
    line:
    let
      match = builtins.match "(deb[[:space:]]+(\\[[^]]*][[:space:]]*)?|URIs:[[:space:]]*)([a-z]+://[^[:space:]]*/debian)/?([[:space:]].*)?" line;
    in
    if match == null then [ ] else [ (builtins.elemAt match 2) ];

  found = builtins.concatMap addressIn lines;
in
if fromEnvironment != "" then
  fromEnvironment
else if found != [ ] then
  builtins.head found
else
  throw "no Debian mirror found in /etc/apt: name one with --argstr mirror URL or in FIRN_DEBIAN_MIRROR"
