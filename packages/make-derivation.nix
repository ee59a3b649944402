# A package built from source the usual way: unpack, patch, ./configure, make, make check, make install.
{
  system,
  shell,
  tools,
}:
/*
  Needs `pname`, `version` and `src`; `patches`, `configureFlags`, `doCheck` and `buildInputs` (packages whose programs
  are added to PATH) as wanted. A phase is replaced by an attribute of its name (`buildPhase = "make all";`). Whatever
  else is given reaches the build as an environment variable.
*/
{
  pname,
  version,
  buildInputs ? [ ],
  meta ? { },
  ...
}@arguments:
derivation (
  builtins.removeAttrs arguments [ "meta" ]
  // {
    name = "${pname}-${version}";
    inherit system;
    builder = "${shell}/bin/bash";
    args = [ ./make-derivation.sh ];
    PATH = builtins.concatStringsSep ":" (map (tool: "${tool}/bin") (buildInputs ++ tools));
    CONFIG_SHELL = "${shell}/bin/bash";
  }
)
// {
  inherit meta pname version;
}
