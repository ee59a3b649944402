# Regular expressions: match with groups, split, classes, alternatives.
let
  lines = builtins.genList (i: "name-${toString i} = \"value ${toString (i * 7)}\"; # comment ${toString i}") 20000;
  parse = line: builtins.match "([a-z]+-[0-9]+) *= *\"([^\"]*)\"; *(#.*)?" line;
  version = builtins.match "([0-9]+)\\.([0-9]+)(\\.([0-9]+))?(-(alpha|beta|rc)[0-9]*)?";
  pieces = builtins.concatMap (line: builtins.filter builtins.isString (builtins.split "[^[:alnum:]]+" line)) lines;
  space = builtins.split "[[:space:]]+" (builtins.concatStringsSep " " lines);
in
[
  (builtins.length (builtins.filter (m: builtins.elemAt m 1 != "") (map parse lines)))
  (builtins.length (builtins.filter (v: v != null) (map (i: version "${toString i}.${toString (i + 1)}.3-rc${toString i}") (builtins.genList (i: i) 20000))))
  (builtins.length pieces)
  (builtins.length space)
]
