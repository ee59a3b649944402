# n times // with one attribute onto a set of 20,000.
{ n }:
let
  large = builtins.listToAttrs (builtins.genList (i: { name = "name${toString i}"; value = i; }) 20000);
in
builtins.foldl' (sum: i: sum + (large // { name7 = i; }).name7) 0 (builtins.genList (i: i) n)
