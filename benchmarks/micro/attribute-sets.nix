# Attribute sets: made from lists, mapped, filtered, intersected, grouped, compared and selected from.
let
  names = builtins.genList (i: "name${toString i}") 5000;
  set = builtins.listToAttrs (map (name: { inherit name; value = { inherit name; nested.deep.value = builtins.stringLength name; }; }) names);
  rounds = builtins.genList (i: i) 30;
  one = i:
    let
      mapped = builtins.mapAttrs (name: value: value // { round = i; }) set;
      some = builtins.intersectAttrs mapped (builtins.removeAttrs set (builtins.genList (k: "name${toString (k * 3 + i)}") 1000));
      total = builtins.foldl' (sum: name: sum + mapped.${name}.nested.deep.value + mapped.${name}.round) 0 (builtins.attrNames some);
      groups = builtins.groupBy (name: toString (builtins.stringLength name)) (builtins.attrNames mapped);
    in
    total + builtins.length (builtins.attrNames groups) + (if some == set then 1 else 0) + builtins.length (builtins.catAttrs "name" (builtins.attrValues some));
in
builtins.foldl' (sum: i: sum + one i) 0 rounds
