# foldl', map, filter, genList, concatMap and their like over long lists.
let
  numbers = builtins.genList (i: i) 400000;
  sum = builtins.foldl' builtins.add 0;
in
[
  (builtins.foldl' (total: i: total + i) 0 numbers)
  (sum (map (i: i * 2) (builtins.filter (i: i - (i / 3) * 3 == 0) numbers)))
  (builtins.length (builtins.concatMap (i: [ i i ]) numbers))
  (builtins.length (builtins.partition (i: i < 1000) numbers).wrong)
  (builtins.all (i: i >= 0) numbers)
  (builtins.elem (0 - 1) numbers)
]
