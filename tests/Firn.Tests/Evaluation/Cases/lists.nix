builtins.head [ 1 2 ]
builtins.head [ ]
builtins.tail [ 1 2 3 ]
builtins.tail [ ]
builtins.length [ 1 (throw "lazy") ]
builtins.elemAt [ 1 2 3 ] 2
builtins.elemAt [ 1 ] 1
builtins.elemAt [ 1 ] (-1)
map (x: x * 2) [ 1 2 3 ]
map 1 [ 2 ]
builtins.filter (x: x > 1) [ 1 2 3 ]
builtins.filter (x: 1) [ 2 ]
builtins.elem [ 1 ] [ [ 1 ] ]
builtins.elem 1 [ 2 "1" ]
builtins.foldl' (a: b: a + b) "" [ "x" "y" ]
builtins.foldl' (_: x: x) (throw "never forced") [ 1 ]
builtins.concatLists [ [ 1 ] [ ] [ 2 3 ] ]
builtins.concatLists [ 1 ]
builtins.concatMap (x: [ x x ]) [ 1 2 ]
builtins.genList (i: i * i) 4
builtins.genList (i: i) (-1)
builtins.sort builtins.lessThan [ 3 1 2 ]
builtins.sort (a: b: a.k < b.k) [ { k = 1; v = "a"; } { k = 0; v = "b"; } { k = 1; v = "c"; } ]
builtins.sort (a: b: 1) [ 1 2 ]
builtins.all (x: x) [ true true ]
builtins.any (x: x) [ ]
builtins.any (x: x) [ "yes" ]
builtins.partition (x: x > 2) [ 1 3 2 4 ]
builtins.groupBy (x: if x > 1 then "big" else "small") [ 1 2 3 ]
builtins.groupBy (x: x) [ 1 ]
builtins.replaceStrings [ "a" ] [ ] "x"
[ 1 2 ] ++ [ 3 ] ++ [ ]
[ 1 ] ++ 2
[ 1 [ 2 ] ] == [ 1 [ 2 ] ]
[ 1 2 ] < [ 1 3 ]
[ { } ] < [ { } ]
builtins.genericClosure { startSet = [ { key = 1; } ]; operator = x: if x.key < 4 then [ { key = x.key * 2; } ] else [ ]; }
builtins.genericClosure { startSet = [ { } ]; operator = x: [ ]; }
builtins.isList [ ]
builtins.isList { }
