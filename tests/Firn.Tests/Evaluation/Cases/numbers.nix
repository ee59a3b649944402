1 + 2 * 3 - 4 / 2
7 / 2
-7 / 2
7 / 2.0
1 / 0
1.0 / 0
9223372036854775807 + 1
9223372036854775807 * 2
-9223372036854775807 - 2
1 + null
1 < 2
1 < 1.5
1 < "a"
!true
!1
true && 1
false && (throw "lazy")
true || (throw "lazy")
1 || true
false -> (throw "lazy")
true -> "x"
if 1 then 2 else 3
if true then 2 else throw "lazy"
assert true; 1
assert 1 == 2; 1
assert { a = 1; } == { a = 2; }; 1
builtins.add 1 2
builtins.sub 1 2.5
builtins.mul 2 3
builtins.div 6 4
builtins.div 1 0
builtins.bitAnd 12 10
builtins.bitOr 12 10
builtins.bitXor 12 10
builtins.bitAnd 1 "a"
builtins.ceil 1.2
builtins.floor (-1.2)
builtins.ceil "a"
builtins.lessThan 1 2
builtins.isInt 1
builtins.isFloat 1.0
builtins.isBool true
builtins.isNull null
builtins.isString "a"
builtins.isPath /a
builtins.isFunction (x: x)
builtins.isFunction builtins.head
map builtins.typeOf [ 1 1.5 "a" true null [ ] { } (x: x) /a ]
1.0e10
100000000000000000000.0
0.1
1.5e-7
(-1)
- "a"
