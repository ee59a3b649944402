using CsCheck;

namespace Firn.Tests.Evaluation;

/// <summary>Makes random expressions that have a value: each part is of the type that is needed there.</summary>
internal static class TypedGen
{
    private static readonly Dictionary<(string, int), Gen<string>> _made = [];

    internal static Gen<string> Expression { get; } = Gen.OneOf<string>(Any(1), Any(2), Any(3), Any(4));

    private static Gen<string> Int(int depth) => Once(nameof(Int), depth, MakeInt);

    private static Gen<string> Text(int depth) => Once(nameof(Text), depth, MakeText);

    private static Gen<string> Bool(int depth) => Once(nameof(Bool), depth, MakeBool);

    private static Gen<string> List(int depth) => Once(nameof(List), depth, MakeList);

    private static Gen<string> Set(int depth) => Once(nameof(Set), depth, MakeSet);

    private static Gen<string> Any(int depth) => Once(nameof(Any), depth, MakeAny);

    // Each generator is made once: each holds several of the next smaller depth.
    private static Gen<string> Once(string type, int depth, Func<int, Gen<string>> make)
    {
        if (!_made.TryGetValue((type, depth), out var made))
        {
            made = _made[(type, depth)] = make(depth);
        }

        return made;
    }

    private static Gen<string> MakeAny(int depth) =>
        Gen.OneOf<string>(Int(depth), Text(depth), Bool(depth), List(depth), Set(depth));

    private static Gen<string> MakeInt(int depth) => depth == 0
        ? Gen.OneOf("0", "1", "(-7)", "42", "1.5", "1000000")
        : Gen.OneOf<string>(
            Int(0),
            Two(Int(depth - 1), Int(depth - 1), "({0} + {1})"),
            Two(Int(depth - 1), Int(depth - 1), "({0} - {1})"),
            Two(Int(depth - 1), Int(0), "({0} * {1})"),
            Two(Bool(depth - 1), Int(depth - 1), "(if {0} then {1} else 3)"),
            Two(Int(depth - 1), Int(depth - 1), "(let x = {0}; y = x; in y + {1})"),
            Text(depth - 1).Select(t => $"(builtins.stringLength {t})"),
            List(depth - 1).Select(l => $"(builtins.length {l})"),
            Two(Int(depth - 1), Set(depth - 1), "({1}.b or {0})").Select(e => $"(let v = {e}; in if builtins.isInt v then v else 5)"),
            Two(Int(depth - 1), Int(depth - 1), "((x: {{ y ? {0}, ... }}: x + y) {1} {{ z = 1; }})"),
            Two(Int(depth - 1), Int(depth - 1), "((args@{{ x, y ? args.x, ... }}: args.z or y - x) {{ x = {0}; w = {1}; }})"),
            Two(List(depth - 1), Int(depth - 1), "(builtins.foldl' (n: x: if builtins.isInt x then n + x else n * 2) {1} {0})"),
            Two(Text(depth - 1), Text(depth - 1), "(builtins.compareVersions (builtins.unsafeDiscardStringContext {0}) (builtins.unsafeDiscardStringContext {1}))"),
            Two(Int(depth - 1), Int(0), "(let f = n: if n <= 0 then {1} else 1 + f (n - 1); m = {0}; in f (if m < 50 then m else 50))"),
            Two(Int(depth - 1), Int(depth - 1), "(with {{ fromWith = {0}; }}; let y = {1}; in fromWith - y)"),
            Two(Set(depth - 1), Int(depth - 1), "(builtins.length (builtins.attrValues ({0} // {{ n = {1}; }})))"),
            Any(depth - 1).Select(v => $"(let t = builtins.tryEval (if builtins.isString {v} then throw \"s\" else {v}); in if t.success then 1 else 0)"));

    private static Gen<string> MakeText(int depth) => depth == 0
        ? Gen.OneOf("\"\"", "\"a\"", "\"e\\n\"", "''\n  in\n    dented\n''", "\"\\${x}\"")
        : Gen.OneOf<string>(
            Text(0),
            Two(Text(depth - 1), Text(depth - 1), "({0} + {1})"),
            Two(Text(depth - 1), Text(depth - 1), "\"<${{{0}}}-${{{1}}}>\""),
            Int(depth - 1).Select(i => $"(toString {i})"),
            Any(depth - 1).Select(v => $"(builtins.toJSON {v})"),
            Any(depth - 1).Select(v => $"(builtins.typeOf {v})"),
            Two(Text(depth - 1), Text(0), "(builtins.concatStringsSep {1} [ {0} {0} ])"),
            Text(depth - 1).Select(t => $"(builtins.substring 1 3 {t})"),
            Text(depth - 1).Select(t => $"(builtins.hashString \"sha256\" {t})"),
            Two(Text(depth - 1), Text(0), "(builtins.replaceStrings [ \"a\" {1} ] [ \"b\" \"\" ] {0})"),
            Two(Text(depth - 1), Int(0), "(builtins.substring 2 (-1) ({0} + toString {1}))"),
            Any(depth - 1).Select(v => $"(builtins.toXML {v})"),
            Any(depth - 1).Select(v => $"(builtins.toJSON (builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.toJSON {v}))))"),
            Set(depth - 1).Select(s => $"(builtins.concatStringsSep \",\" (builtins.attrNames {s}))"),
            Two(Text(depth - 1), Text(depth - 1), "(builtins.unsafeDiscardOutputDependency (derivation {{ name = \"x\"; system = \"s\"; builder = \"b\" + {0}; text = \"${{{1}}}\"; }}).drvPath)"),
            Two(Text(depth - 1), Any(depth - 1), "(let d = derivation {{ name = \"y\"; system = \"s\" + {0}; builder = \"b\"; outputs = [ \"out\" \"dev\" ]; json = builtins.toJSON {1}; }}; in \"${{d.dev}} ${{d}}\")"),
            Text(depth - 1).Select(t => $"(builtins.unsafeDiscardStringContext {t})"),
            Text(depth - 1).Select(t => $"(builtins.toJSON (builtins.attrValues (builtins.getContext {t})))"),
            Two(Text(depth - 1), Text(0), "(toString {{ __toString = self: self.t + {1}; t = {0}; }})"),
            Two(Text(depth - 1), Text(depth - 1), "(let t = {0}; in if t < {1} then t else \"later\")"));

    private static Gen<string> MakeBool(int depth) => depth == 0
        ? Gen.OneOf("true", "false")
        : Gen.OneOf<string>(
            Bool(0),
            Two(Any(depth - 1), Any(depth - 1), "({0} == {1})"),
            Two(Int(depth - 1), Int(depth - 1), "({0} < {1})"),
            Two(Text(depth - 1), Text(depth - 1), "({0} <= {1})"),
            Two(Bool(depth - 1), Bool(depth - 1), "({0} -> !{1})"),
            Two(Set(depth - 1), Bool(depth - 1), "({0} ? a.b || {1})"),
            Two(List(depth - 1), List(depth - 1), "({0} == {1})"),
            Two(Set(depth - 1), Set(depth - 1), "({0} == ({0} // {1}))"),
            Two(Any(depth - 1), List(depth - 1), "(builtins.elem {0} {1})"),
            Text(depth - 1).Select(t => $"(builtins.match \"[a-z<]*.*\" (builtins.unsafeDiscardStringContext {t}) != null)"),
            Text(depth - 1).Select(t => $"(builtins.hasContext {t})"),
            List(depth - 1).Select(l => $"(builtins.all builtins.isList (map (x: [ x ]) {l}))"));

    private static Gen<string> MakeList(int depth) => depth == 0
        ? Gen.OneOf("[ ]", "[ 1 \"a\" ]", "[ null [ ] { } ]")
        : Gen.OneOf<string>(
            List(0),
            Two(Any(depth - 1), Any(depth - 1), "[ {0} {1} ]"),
            Two(List(depth - 1), List(depth - 1), "({0} ++ {1})"),
            List(depth - 1).Select(l => $"(map (x: [ x ]) {l})"),
            Set(depth - 1).Select(s => $"(builtins.attrNames {s})"),
            Two(Int(depth - 1), Int(depth - 1), "(builtins.sort builtins.lessThan [ {0} {1} 3 ])"),
            Two(Text(depth - 1), Text(depth - 1), "(builtins.sort (a: b: a > b) [ {0} \"m\" {1} {0} ])"),
            List(depth - 1).Select(l => $"(builtins.filter (x: !builtins.isInt x) {l})"),
            Two(List(depth - 1), List(depth - 1), "(builtins.concatMap (x: [ x {0} ]) {1})"),
            Text(depth - 1).Select(t => $"(builtins.filter builtins.isString (builtins.split \"([^a-z]+)\" (builtins.unsafeDiscardStringContext {t})))"),
            Text(depth - 1).Select(t => $"(builtins.match \"(.)?(.*)\" (builtins.unsafeDiscardStringContext {t}))"),
            Text(depth - 1).Select(t => $"(builtins.splitVersion (builtins.unsafeDiscardStringContext {t}))"),
            Two(List(depth - 1), Any(depth - 1), "(builtins.genList (i: if i == 1 then {1} else builtins.elemAt ({0} ++ [ i i i ]) i) 3)"),
            Set(depth - 1).Select(s => $"(builtins.attrValues {s})"),
            Two(List(depth - 1), Int(0), "(map (i: i.key) (builtins.genericClosure {{ startSet = [ {{ key = 0; l = {0}; }} ]; operator = i: if i.key > 3 then [ ] else [ {{ key = i.key + 1; }} {{ key = i.key + 2; x = {1}; }} ]; }}))"));

    private static Gen<string> MakeSet(int depth) => depth == 0
        ? Gen.OneOf("{ }", "{ a = 1; }", "{ a.b = true; c = \"x\"; }")
        : Gen.OneOf<string>(
            Set(0),
            Two(Any(depth - 1), Any(depth - 1), "{{ b = {0}; a = {1}; }}"),
            Two(Set(depth - 1), Set(depth - 1), "({0} // {1})"),
            Two(Any(depth - 1), Any(depth - 1), "(rec {{ x = {0}; inherit (y) z; y.z = {1}; }})"),
            Two(Set(depth - 1), Any(depth - 1), "(builtins.mapAttrs (n: v: {1}) {0})"),
            Set(depth - 1).Select(s => $"(with {s}; {{ a = 2; inherit ({s} // {{ q = 1; }}) q; }})"),
            Two(Set(depth - 1), Any(depth - 1), "(builtins.removeAttrs ({0} // {{ gone = {1}; kept = 1; }}) [ \"gone\" \"a\" ])"),
            Two(Set(depth - 1), Set(depth - 1), "(builtins.intersectAttrs {0} {1})"),
            Two(Text(depth - 1), Any(depth - 1), "{{ ${{builtins.unsafeDiscardStringContext {0}}} = {1}; }}"),
            Two(Any(depth - 1), Any(depth - 1), "(builtins.listToAttrs [ {{ name = \"x\"; value = {0}; }} {{ name = \"b\"; value = {1}; }} {{ name = \"x\"; value = 0; }} ])"),
            Two(Set(depth - 1), Set(depth - 1), "(builtins.zipAttrsWith (n: vs: {{ inherit n; c = builtins.length vs; v = builtins.head vs; }}) [ {0} {1} {0} ])"),
            List(depth - 1).Select(l => $"(builtins.groupBy builtins.typeOf {l})"),
            List(depth - 1).Select(l => $"(builtins.partition builtins.isString {l})"),
            Two(Set(depth - 1), Set(depth - 1), "({{ r = {0}; }} // {{ r.deep.er = {1}; }})"),
            Two(Any(depth - 1), Any(depth - 1), "(let s = rec {{ a = {0}; b = {{ inherit a; }}; c = b.a; }}; in s // {{ d = {1}; }})"),
            Any(depth - 1).Select(v => $"(builtins.tryEval {v})"));

    private static Gen<string> Two(Gen<string> first, Gen<string> second, string format) =>
        Gen.Select(first, second, (a, b) => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, a, b));
}
