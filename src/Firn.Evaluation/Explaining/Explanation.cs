namespace Firn.Evaluation.Explaining;

/// <summary>What each kind of error means, for <c>firn explain CODE</c>.</summary>
/// <param name="Code">The code, as errors show it.</param>
/// <param name="Meaning">What it means, in a sentence or two.</param>
/// <param name="Wrong">An expression that fails so.</param>
/// <param name="Right">The same without the mistake.</param>
/// <param name="Cause">How it commonly comes about.</param>
public sealed record Explanation(string Code, string Meaning, string Wrong, string Right, string Cause)
{
    /// <summary>All of them, in the order of their codes.</summary>
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new("eval/abort", "The expression ended its evaluation with `abort`; `tryEval` does not catch that.",
            "abort \"not for this system\"", "\"some value\"", "A package or function was asked for something that its author ruled out. The message says what."),
        new("eval/assertion-failed", "The condition of an `assert` is false.",
            "assert 1 > 2; \"a\"", "assert 1 < 2; \"a\"", "A function was called with arguments that do not go together: look at the arguments that the condition mentions."),
        new("eval/bad-argument", "A builtin cannot work with the value it was given, although its type is right.",
            "builtins.fromJSON \"[1,]\"", "builtins.fromJSON \"[1]\"", "Text in another format (JSON, TOML, a regular expression, a hash) has a mistake."),
        new("eval/call-depth", "Calls are nested deeper than `max-call-depth` allows.",
            "let f = n: 1 + f (n + 1); in f 0", "let f = n: if n > 9 then 0 else 1 + f (n + 1); in f 0", "A function calls itself without ever stopping."),
        new("eval/context-in-path", "A string that refers to the store was appended to a path.",
            "/a + builtins.toFile \"x\" \"y\"", "\"/a\" + builtins.toFile \"x\" \"y\"", "A path was to be built from a package; make it a string: \"${package}/bin\"."),
        new("eval/division-by-zero", "A number was divided by zero.",
            "1 / 0", "1 / 2", "A setting that counts something is 0: the message shows where that number was written."),
        new("eval/duplicate-attribute", "Two attributes of one set came out with the same name.",
            "{ a = 1; ${\"a\" + \"\"} = 2; }", "{ a = 1; ${\"b\" + \"\"} = 2; }", "A computed name met one that is written out."),
        new("eval/file-not-found", "A file or folder does not exist, or a name in angle brackets is not in the search path.",
            "import /nowhere/at/all.nix", "builtins.pathExists /nowhere/at/all.nix", "The name is misspelt, relative to another folder than thought, or (in a flake) not known to git yet: `git add` it."),
        new("eval/forbidden", "Pure or restricted evaluation does not allow this.",
            "", "", "A flake or a restricted evaluation read a file or environment variable that is not among its inputs. `--impure` allows it."),
        new("eval/index-out-of-range", "A list has no item at that place.",
            "builtins.elemAt [ 1 2 ] 2", "builtins.elemAt [ 1 2 ] 1", "Indices start at 0; a list may be shorter than expected, or empty."),
        new("eval/infinite-recursion", "A value needs itself.",
            "let a = b; b = a; in a", "let a = b; b = 1; in a",
            "A `rec` set or `let` shadows the name meant; an overlay uses `final.x` to define `x`; a module's `imports` or structure depends on `config`. The message lists the cycle."),
        new("eval/integer-overflow", "The result does not fit into 64 bits.",
            "9223372036854775807 + 1", "9223372036854775806 + 1", "Use floats for numbers beyond 9223372036854775807."),
        new("eval/missing-argument", "A function that takes a set was called without one of the attributes it requires.",
            "({ name, version }: name) { name = \"a\"; }", "({ name, version ? \"1\" }: name) { name = \"a\"; }", "The attribute is missing or misspelt in the call."),
        new("eval/missing-attribute", "A set has no attribute of that name.",
            "{ length = 1; }.lenght", "{ length = 1; }.length", "The name is misspelt where it is used or where it is defined; or the set is another than thought. `or` gives a value for when it is missing."),
        new("eval/not-a-function", "Something was called that is no function.",
            "\"a\" \"b\"", "\"a\" + \"b\"", "An operator or a `;` is missing between two values, or a function got more arguments than it takes."),
        new("eval/thrown", "The expression itself reported an error, with `throw`.",
            "throw \"unknown role\"", "\"some role\"", "The message is the author's. Firn shows the data that led to it, if it can be told."),
        new("eval/undefined-variable", "No variable of that name is in sight.",
            "let name = 1; in nmae", "let name = 1; in name", "It is misspelt, or an attribute of a set that must be named: `pkgs.git`, `lib.mkIf`."),
        new("eval/unexpected-argument", "A function that takes a set got an attribute that it does not know.",
            "({ environment }: environment) { environment = 1; enviroment = 2; }", "({ environment }: environment) { environment = 1; }", "The attribute is misspelt, or the function lacks `...` in its pattern."),
        new("eval/wrong-type", "A value is of another type than is needed there.",
            "builtins.length \"53\"", "builtins.length [ \"53\" ]",
            "Quotes around a number, boolean or path; a list forgotten around one item; missing parentheses around a call in a list. The message shows where the value was written."),
        new("syntax/assignment-in-expression", "`=` stands where a value is computed.",
            "if 1 = 2 then 3 else 4", "if 1 == 2 then 3 else 4", "`=` defines, `==` compares."),
        new("syntax/comma-in-list", "The items of a list are separated by commas.",
            "[ 1, 2 ]", "[ 1 2 ]", "A habit from other languages: lists have spaces, only the patterns of functions have commas."),
        new("syntax/missing-semicolon", "A definition does not end with `;`.",
            "{ a = 1\n  b = 2; }", "{ a = 1;\n  b = 2; }", "Each definition in a set or `let` ends with `;`, the last one too."),
        new("syntax/reserved-word", "A keyword stands where a name must.",
            "{ if = 1; }", "{ \"if\" = 1; }", "Attributes called like a keyword are written with quotes."),
        new("syntax/unclosed-string", "A string has no end.",
            "\"abc", "\"abc\"", "A closing quote is missing, or a quote inside the string lacks its backslash."),
        new("syntax/unclosed-bracket", "A bracket is never closed.",
            "[ 1 2", "[ 1 2 ]", "Count the brackets from the place that the message shows."),
    ];

    public static Explanation? Find(string code) => All.FirstOrDefault(e => e.Code == code);
}
