{ b = 1; a = 2; }
{ a.b.c = 1; a.b.d = 2; }
rec { a = b + 1; b = 1; }
let x = 1; in { inherit x; }
{ inherit ({ a = 1; b = 2; }) b; }
{ ${"a" + "b"} = 1; }
{ ${null} = 1; }
{ a = 1; ${"a"} = 2; }
{ a = 1; } // { b = 2; }
{ a = 1; } // 2
1 // { }
{ a = { b = 1; }; }.a.b
{ a = 1; }.b
{ lenght = 1; }.length
{ a = 1; }.b or 2
{ a = 1; }.b.c.d or 2
1.b or 2
{ a.b = 1; } ? a.b
{ a.b = 1; } ? a.c
1 ? a
builtins.attrNames { b = 1; a = 2; "é" = 3; Z = 4; }
builtins.attrValues { b = 1; a = 2; }
builtins.attrValues [ ]
builtins.getAttr "a" { a = 1; }
builtins.getAttr "b" { a = 1; }
builtins.hasAttr "a" { a = throw "lazy"; }
builtins.hasAttr 1 { }
builtins.removeAttrs { a = 1; b = 2; c = 3; } [ "a" "c" "d" ]
builtins.removeAttrs { } [ 1 ]
builtins.listToAttrs [ { name = "a"; value = 1; } { name = "a"; value = 2; } ]
builtins.listToAttrs [ { name = "a"; } ]
builtins.intersectAttrs { a = 1; b = 2; } { b = 3; c = 4; }
builtins.mapAttrs (n: v: n + toString v) { a = 1; b = 2; }
builtins.mapAttrs 1 { a = 1; }
builtins.catAttrs "a" [ { a = 1; } { b = 0; } { a = 2; } ]
builtins.zipAttrsWith (n: vs: vs) [ { a = 1; } { a = 2; b = 3; } ]
builtins.functionArgs ({ a, b ? 1 }: a)
builtins.functionArgs (x: x)
builtins.functionArgs 1
builtins.isAttrs { }
builtins.unsafeGetAttrPos "a" { }
({ a, b ? a + 1 }: b) { a = 1; }
({ a }: a) { }
({ a }: a) { a = 1; b = 2; }
({ a, ... }: a) { a = 1; b = 2; }
({ a }@all: all) { a = 1; }
({ a }: a) 1
{ __functor = self: x: x + self.n; n = 2; } 1
{ a = 1; } 1
{ a = x: x; } == { a = x: x; }
{ a = 1; } == { a = 1.0; }
{ a = 1; b = 2; } == { b = 2; a = 1; }
(let big = builtins.listToAttrs (builtins.genList (i: { name = "n${toString i}"; value = i; }) 200); in ((big // { n5 = "x"; }) // { new = 1; }).n5)
(let big = builtins.listToAttrs (builtins.genList (i: { name = "n${toString i}"; value = i; }) 200); in builtins.length (builtins.attrNames (((big // { n5 = "x"; }) // { new = 1; }) // { new = 2; n7 = 1; })))
with { a = 1; }; let b = 2; in a + b
with { a = 1; }; with { a = 2; }; a
let a = 0; in with { a = 1; }; a
with 1; a
