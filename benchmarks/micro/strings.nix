# Strings: interpolated, joined, cut, replaced and compared.
let
  words = builtins.genList (i: "word-${toString i}") 100000;
  text = builtins.concatStringsSep " " words;
  replaced = builtins.replaceStrings [ "word" "1" "9 " ] [ "term" "one" "nine;" ] text;
  cut = builtins.genList (i: builtins.substring (i * 7) 40 text) 100000;
  lines = map (piece: "<${piece}> and ${builtins.substring 0 5 piece}: ${toString (builtins.stringLength piece)}") cut;
  least = builtins.foldl' (least: line: if line < least then line else least) "~" lines;
  built = builtins.foldl' (text: word: text + word) "" (builtins.genList (i: "x") 10000);
in
[ (builtins.hashString "sha256" (replaced + builtins.concatStringsSep "\n" lines)) least (builtins.stringLength built) ]
