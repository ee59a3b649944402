using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>The names that the language gives a meaning to.</summary>
internal sealed class WellKnownNames(SymbolTable symbols)
{
    public Symbol All { get; } = symbols.Intern("all");

    public Symbol Args { get; } = symbols.Intern("args");

    public Symbol Body { get; } = symbols.Intern("body");

    public Symbol Builder { get; } = symbols.Intern("builder");

    public Symbol Column { get; } = symbols.Intern("column");

    public Symbol DrvPath { get; } = symbols.Intern("drvPath");

    public Symbol File { get; } = symbols.Intern("file");

    public Symbol Functor { get; } = symbols.Intern("__functor");

    public Symbol IgnoreNulls { get; } = symbols.Intern("__ignoreNulls");

    public Symbol Json { get; } = symbols.Intern("__json");

    public Symbol Key { get; } = symbols.Intern("key");

    public Symbol Line { get; } = symbols.Intern("line");

    public Symbol Name { get; } = symbols.Intern("name");

    public Symbol OutPath { get; } = symbols.Intern("outPath");

    public Symbol Outputs { get; } = symbols.Intern("outputs");

    public Symbol Overrides { get; } = symbols.Intern("__overrides");

    public Symbol Path { get; } = symbols.Intern("path");

    public Symbol Prefix { get; } = symbols.Intern("prefix");

    public Symbol Right { get; } = symbols.Intern("right");

    public Symbol StructuredAttrs { get; } = symbols.Intern("__structuredAttrs");

    public Symbol Success { get; } = symbols.Intern("success");

    public Symbol System { get; } = symbols.Intern("system");

    public Symbol ToStringName { get; } = symbols.Intern("__toString");

    public Symbol Stdenv { get; } = symbols.Intern("stdenv");

    public Symbol BootPackages { get; } = symbols.Intern("__bootPackages");

    public Symbol Type { get; } = symbols.Intern("type");

    public Symbol Value { get; } = symbols.Intern("value");

    public Symbol Wrong { get; } = symbols.Intern("wrong");
}
