# The operator //: small sets onto small ones, and one attribute at a time onto a growing set.
let
  small = builtins.foldl' (sum: i: sum + ({ a = 1; b = i; d = 3; } // { b = 2; c = i; }).c) 0 (builtins.genList (i: i) 300000);
  growing = builtins.foldl' (set: i: set // { "name${toString i}" = i; }) { } (builtins.genList (i: i) 4500);
in
[ small (builtins.length (builtins.attrNames growing)) ]
