# Calls: one argument, two, a set's attributes with defaults, through a variable of an outer function.
let
  fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2);
  ack = m: n: if m == 0 then n + 1 else if n == 0 then ack (m - 1) 1 else ack (m - 1) (ack m (n - 1));
  named = { a, b ? 2, ... }: a + b;
  count = n: total: if n == 0 then total else count (n - 1) (total + named { a = n; c = 1; });
in
[ (fib 27) (ack 2 60) (builtins.foldl' (t: i: t + count 1000 0) 0 (builtins.genList (i: i) 400)) ]
