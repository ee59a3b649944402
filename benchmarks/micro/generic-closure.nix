# genericClosure: a graph of 90,000 nodes by number, one of 15,000 by name.
let
  mod = a: b: a - (a / b) * b;
  numbers = builtins.genericClosure {
    startSet = [ { key = 0; } ];
    operator = { key }: [ { key = mod (key * 2 + 1) 90001; } { key = mod (key * 3 + 2) 90001; } { key = mod (key + 7) 90001; } ];
  };
  names = builtins.genericClosure {
    startSet = [ { key = "n0"; n = 0; } ];
    operator = item: map (n: { key = "n${toString n}"; inherit n; }) [ (mod (item.n * 2 + 1) 15013) (mod (item.n + 11) 15013) ];
  };
in
[ (builtins.length numbers) (builtins.length names) ]
