"a${"b"}c"
"a${1}"
"a${toString 1}"
"\n\t\"\\\${x}$"
"${{ outPath = "o"; }}"
"${{ __toString = self: "s" + self.x; x = "y"; }}"
"${[ ]}"
"${null}"
"${x: x}"
"a" + "b"
"a" + 1
1 + "a"
"a" == "a"
"a" < "b"
"a" < 1
builtins.stringLength "é"
builtins.stringLength 1
builtins.substring 1 2 "hello"
builtins.substring 3 (-1) "hello"
builtins.substring (-1) 1 "hello"
builtins.substring 10 1 "hello"
builtins.replaceStrings [ "a" "" ] [ "b" "-" ] "aca"
builtins.replaceStrings [ "ab" "a" ] [ "1" "2" ] "aba"
builtins.concatStringsSep ", " [ "a" "b" ]
builtins.concatStringsSep "," [ 1 ]
builtins.concatStringsSep "," "a"
builtins.split "(a)b" "xabyab"
builtins.split "[" "x"
builtins.match "(.*)\\.nix" "a.nix"
builtins.match "b" "a.nix"
builtins.match "((a)|(b))*" "ab"
builtins.splitVersion "1.2pre3-4"
builtins.compareVersions "1.2" "1.10"
builtins.compareVersions "1.0pre" "1.0"
builtins.parseDrvName "hello-2.12.1"
builtins.baseNameOf "/a/b.c"
builtins.dirOf "/a/b.c"
builtins.dirOf "b"
builtins.toJSON { b = [ 1 1.5 null true "x\ny" ]; a.outPath = "p"; }
builtins.toJSON (x: x)
builtins.fromJSON "{\"a\": [1, 2.5, null, \"\\u00e9\"]}"
builtins.fromJSON "[1, ]"
builtins.fromJSON ""
builtins.fromTOML "a = 1\n[b]\nc = [\"x\"]"
builtins.fromTOML "a = "
builtins.toXML { a = [ 1 "x" null true 1.5 ]; }
builtins.hashString "sha256" "abc"
builtins.hashString "md5" ""
builtins.hashString "sha3" ""
builtins.convertHash { hash = "sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="; toHashFormat = "base16"; hashAlgo = "sha256"; }
toString [ 1 [ 2 "a" ] true false null 1.5 ]
toString { }
toString /a/../b
builtins.toString (-0.0)
