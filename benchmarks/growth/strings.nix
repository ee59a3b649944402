# A string of n pieces, put together from a list and one piece at a time in blocks.
{ n }:
let
  pieces = builtins.genList (i: "piece ${toString i}\n") n;
  blocks = builtins.genList (b: builtins.foldl' (text: i: text + builtins.elemAt pieces (b * 100 + i)) "" (builtins.genList (i: i) 100)) (n / 100);
in
builtins.stringLength (builtins.concatStringsSep "" pieces) + builtins.stringLength (builtins.concatStringsSep "" blocks)
