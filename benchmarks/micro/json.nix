# JSON: a large value written and read again, five times.
let
  value = builtins.genList (i: { id = i; name = "item \"${toString i}\" é\n"; list = [ 1 2.5 true null [ ] ]; nested.a.b = "x${toString i}"; }) 12000;
  text = builtins.toJSON value;
  again = text: builtins.toJSON (builtins.fromJSON text);
in
[ (builtins.stringLength (again (again (again (again text))))) (builtins.hashString "sha256" text) ]
