# Sorting: numbers by lessThan, sets by a function, strings.
let
  random = builtins.genList (i: let a = i * 7919 + 13; b = a * a; in b - (b / 104729) * 104729) 60000;
  check = list: builtins.foldl' (sum: i: sum + builtins.elemAt list (i * 100)) 0 (builtins.genList (i: i) 600);
in
[
  (check (builtins.sort builtins.lessThan random))
  (check (map (s: s.key) (builtins.sort (a: b: a.key < b.key) (map (key: { inherit key; }) random))))
  (builtins.head (builtins.sort (a: b: a > b) (map toString random)))
]
