/a/b
/a + "/b"
/a + "b/../c"
/a/${"b"}/c
/. + "/a"
/a + 1
toString /a/b
builtins.typeOf (/a + "b")
builtins.baseNameOf /a/b
builtins.dirOf /a/b
dirOf /a
/a == /a
/a < /b
"/a" == /a
builtins.toPath "/a/../b"
builtins.toPath "a"
builtins.storePath "/a"
builtins.placeholder 1
