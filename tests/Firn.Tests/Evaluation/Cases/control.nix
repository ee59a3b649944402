throw "x"
abort "x"
builtins.tryEval (throw "x")
builtins.tryEval (assert false; 1)
builtins.tryEval 1
builtins.tryEval (1 + "a")
builtins.tryEval (abort "x")
(let a = throw "x"; in [ (builtins.tryEval a) (builtins.tryEval a) ])
(let s = { a = throw "x"; b = 1; }; in [ (builtins.tryEval s.a).success (builtins.tryEval (builtins.deepSeq s 1)).success s.b ])
builtins.seq (throw "x") 1
builtins.seq { a = throw "x"; } 1
builtins.deepSeq { a = throw "x"; } 1
builtins.addErrorContext "context" 1
builtins.addErrorContext "context" (throw "x")
let x = x; in x
let a = b; b = c; c = a + 1; in a
rec { a = "${b}"; b = "${a}"; }.a
let f = x: f (x + 1); in f 0
let s = { a = s.b; b = s.a; }; in s.a
undefinedVariable
let foobar = 1; in fobar
with { }; undefinedVariable
1 2
"a" "b"
(x: y: x + y) 1 2
(x: x) 1 2
let id = x: x; compose = f: g: x: f (g x); in compose id id 1
(let fix = f: let x = f x; in x; in (fix (self: { a = 1; b = self.a + 1; })).b)
(let go = n: if n == 0 then 0 else go (n - 1); in go 5000)
builtins.foldl' (a: _: a + "0123456789abcdef") "" (builtins.genList (i: i) 200) == builtins.concatStringsSep "" (builtins.genList (_: "0123456789abcdef") 200)
builtins.isFunction builtins.derivation
builtins.langVersion
builtins.nixVersion
builtins.storeDir
builtins.typeOf builtins.currentTime
__curPos.line
builtins.nonexistent
import /nonexistent/file.nix
import "relative"
builtins.readFile /nonexistent
builtins.pathExists /nonexistent
builtins.getEnv "FIRN_SURELY_UNSET"
<nonexistent-entry>
builtins.findFile [ { prefix = "p"; path = "/"; } ] "p/."
