using System.Collections.Immutable;
using System.Text;
using Firn.Fetching.Inputs;
using Firn.Flakes.References;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Model.Text.Json;
using Firn.Syntax.Parsing;
using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Flakes.Files;

/// <summary>Reads a <c>flake.nix</c> without evaluating it: what inputs a flake has must be plain to see.</summary>
public sealed class FlakeFileReader
{
    private readonly SymbolTable _symbols = new();
    private readonly SourceTable _sources = new();
    private readonly InputForms _forms;
    private readonly string _file;
    private readonly string _folder;
    private readonly InputPath _lockRoot;

    private readonly string? _shown;

    private FlakeFileReader(InputForms forms, string file, string? shown, InputPath lockRoot)
    {
        (_forms, _file, _shown, _lockRoot) = (forms, file, shown, lockRoot);
        _folder = file[..file.LastIndexOf('/')];
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">What it holds.</param>
    /// <param name="file">Its path, which its relative paths start from.</param>
    /// <param name="shown">What messages call it, when that is something else.</param>
    /// <param name="flake">What messages call the flake.</param>
    /// <param name="lockRoot">The input that the flake is, which <c>follows</c> in it is relative to.</param>
    /// <param name="forms">Reads references.</param>
    /// <exception cref="FlakeException">It is no flake.</exception>
    public static FlakeFile Read(byte[] text, string file, string? shown, string flake, InputPath lockRoot, InputForms forms) =>
        new FlakeFileReader(forms, file, shown, lockRoot).ReadFile(text, flake);

    private FlakeFile ReadFile(byte[] text, string flake)
    {
        var source = _sources.Add(new SourceOrigin.File(_file) { Shown = _shown }, text, _folder);
        var parsed = Parser.Parse(source, _symbols, new ParserOptions());
        if (parsed.Root is not { } root)
        {
            throw new FlakeException(parsed.Diagnostics[0]);
        }

        if (root is not AttributeSet set)
        {
            throw new FlakeException(FlakeErrors.BadFile, $"file '{_file}' must be an attribute set", "It looks like '{ inputs = { … }; outputs = { self, … }: { … }; }'.");
        }

        var result = new FlakeFile();
        var takesOutputs = false;
        foreach (var (name, value, position) in Attributes(set))
        {
            switch (name)
            {
                case "description":
                    result = result with { Description = Text(value, position) };
                    break;
                case "inputs":
                    var (inputs, self) = ReadInputs(value, position, allowsSelf: true);
                    result = result with { Inputs = inputs, Self = self };
                    break;
                case "outputs":
                    takesOutputs = true;
                    result = result with { Inputs = WithNamed(result.Inputs, value, position) };
                    break;
                case "nixConfig":
                    result = result with { Settings = ReadSettings(value, position) };
                    break;
                default:
                    throw At(
                        position, $"flake '{flake}' has an unsupported attribute '{name}', at {Place(position)}",
                        Suggestions.Hint(name, ["description", "inputs", "outputs", "nixConfig"]) ?? "A flake has description, inputs, outputs and nixConfig.");
            }
        }

        return takesOutputs ? result : throw new FlakeException(FlakeErrors.BadFile, $"flake '{flake}' lacks attribute 'outputs'");
    }

    /// <summary>What the function of outputs names is an input too.</summary>
    private ImmutableSortedDictionary<string, FlakeInput> WithNamed(ImmutableSortedDictionary<string, FlakeInput> inputs, Expression outputs, int position)
    {
        var function = outputs as Lambda ?? throw WrongType("a function", outputs, position);
        foreach (var formal in function.Formals?.Items ?? [])
        {
            var name = formal.Name.ToString();
            inputs = name == "self" || inputs.ContainsKey(name) ? inputs : inputs.Add(
                name, new FlakeInput { Reference = FlakeReference.Parse(name, _forms), Place = _sources.Span(formal.Start, name.Length), IsNamedOnly = true });
        }

        return inputs;
    }

    private (ImmutableSortedDictionary<string, FlakeInput> Inputs, InputAttributes Self) ReadInputs(Expression value, int position, bool allowsSelf)
    {
        var (inputs, self) = (FlakeInput.None.ToBuilder(), InputAttributes.Empty);
        foreach (var (name, input, place) in Attributes(Set(value, position)))
        {
            if (name != "self")
            {
                inputs[name] = ReadInput(name, input, place);
                continue;
            }

            if (!allowsSelf)
            {
                throw new FlakeException(FlakeErrors.BadFile, $"'self' input attribute not allowed at {Place(place)}");
            }

            foreach (var (attribute, own, where) in Attributes(Set(input, place)))
            {
                self = WithAttribute(self, attribute, own, where);
            }
        }

        return (inputs.ToImmutable(), self);
    }

    private FlakeInput ReadInput(string name, Expression value, int position)
    {
        var input = new FlakeInput { Place = _sources.Span(position, name.Length) };
        var attributes = InputAttributes.Empty;
        string? url = null;
        foreach (var (attribute, own, place) in Attributes(Set(value, position)))
        {
            switch (attribute)
            {
                case "url":
                    url = own switch
                    {
                        PathLiteral path => "path:" + RelativePath(path.Path),
                        StringLiteral text => Encoding.UTF8.GetString(text.Value),
                        _ => throw At(place, $"expected a string or a path but got {KindOf(own)} at {Place(place)}", $"The url of an input is a string, such as \"github:NixOS/nixpkgs\"."),
                    };
                    attributes = attributes.With(attribute, url);
                    break;
                case "flake":
                    input = input with { IsFlake = Flag(own) ?? throw WrongType("a Boolean", own, place) };
                    break;
                case "inputs":
                    input = input with { Overrides = ReadInputs(own, place, allowsSelf: false).Inputs };
                    break;
                case "follows":
                    input = input with { Follows = _lockRoot.Append(InputPath.Parse(Text(own, place))) };
                    break;
                default:
                    attributes = WithAttribute(attributes, attribute, own, place);
                    break;
            }
        }

        input = input with { Reference = ReadReference(attributes, url, input.IsFlake, position) };
        return input.Reference is not null && input.Follows is not null
            ? throw At(position, $"flake input has both a flake reference and a follows attribute, at {Place(position)}", $"The input is '{name}'.")
            : input;
    }

    private FlakeReference? ReadReference(InputAttributes attributes, string? url, bool isFlake, int position)
    {
        if (attributes.Has("type"))
        {
            return FlakeReference.FromAttributes(attributes, _forms);
        }

        var other = attributes.Without("url").Values.Keys.FirstOrDefault();
        return other is not null
            ? throw At(
                position, $"unexpected flake input attribute '{other}', at {Place(position)}",
                Suggestions.Hint(other, ["url", "follows", "flake", "inputs", "type"]) ?? "Without 'type', an input has url, follows, flake and inputs.")
            : url is null ? null
            : FlakeReference.Parse(url, _forms, new ReferenceReading(AllowsMissing: true, IsFlake: isFlake, KeepsRelativePaths: true));
    }

    private InputAttributes WithAttribute(InputAttributes attributes, string name, Expression value, int position) => value switch
    {
        StringLiteral text => attributes.With(name, Encoding.UTF8.GetString(text.Value)),
        IntegerLiteral number => attributes.With(name, (ulong)number.Value),
        ListLiteral list when name == "publicKeys" => attributes.With(name, WriteJson(list, position)),
        _ when Flag(value) is { } flag => attributes.With(name, flag),
        _ => throw new FlakeException(
            FlakeErrors.BadFile, $"flake input attribute '{name}' is {KindOf(value)} while a string, Boolean, or integer is expected", $"It stands at {Place(position)}."),
    };

    private string WriteJson(ListLiteral keys, int position)
    {
        var json = new JsonWriter();
        json.StartArray();
        foreach (var key in keys.Items)
        {
            json.StartObject();
            foreach (var (name, value, place) in Attributes(Set(key, position)))
            {
                json.Key(Encoding.UTF8.GetBytes(name));
                json.String(Encoding.UTF8.GetBytes(Text(value, place)));
            }

            json.EndObject();
        }

        json.EndArray();
        return Encoding.UTF8.GetString(json.Written);
    }

    private ImmutableSortedDictionary<string, FlakeSetting> ReadSettings(Expression value, int position)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, FlakeSetting>(Utf8Order.Comparer);
        foreach (var (name, own, place) in Attributes(Set(value, position)))
        {
            settings[name] = own switch
            {
                StringLiteral text => new FlakeSetting(Encoding.UTF8.GetString(text.Value)),
                PathLiteral path => new FlakeSetting(path.Path, IsPath: true),
                IntegerLiteral number => new FlakeSetting(number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ListLiteral list => new FlakeSetting(string.Join(' ', list.Items.Select(item => item is StringLiteral text
                    ? Encoding.UTF8.GetString(text.Value)
                    : throw new FlakeException(FlakeErrors.BadFile, $"list element in flake configuration setting '{name}' is {KindOf(item)} while a string is expected")))),
                _ when Flag(own) is { } flag => new FlakeSetting(flag ? "true" : "false"),
                _ => throw new FlakeException(FlakeErrors.BadFile, $"flake configuration setting '{name}' is {KindOf(own)}", $"It stands at {Place(place)}."),
            };
        }

        return settings.ToImmutable();
    }

    private IEnumerable<(string Name, Expression Value, int Position)> Attributes(AttributeSet set)
    {
        if (set.Bindings.Dynamic is [var dynamic, ..])
        {
            throw new FlakeException(FlakeErrors.BadFile, $"the names of a flake's attributes must be plain, and one is computed at {Place(dynamic.Start)}");
        }

        return set.Bindings.Items.Select(binding => (
            binding.Name.ToString(), binding is Binding.Plain plain ? plain.Value : new Identifier(binding.Start, binding.Start, binding.Name), binding.Start));
    }

    private AttributeSet Set(Expression value, int position) => value as AttributeSet ?? throw WrongType("a set", value, position);

    private string Text(Expression value, int position) =>
        value is StringLiteral text ? Encoding.UTF8.GetString(text.Value) : throw WrongType("a string", value, position);

    private string RelativePath(string path)
    {
        var root = _folder + "/";
        return path == _folder ? "." : path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..] : Path.GetRelativePath(_folder, path);
    }

    private FlakeException WrongType(string wanted, Expression found, int position) => At(
        position, $"expected {wanted} but got {KindOf(found)} at {Place(position)}",
        KindOf(found) == "a thunk" ? "Only the outputs of a flake may be computed; description, inputs and nixConfig are written out." : "");

    private FlakeException At(int position, string message, string hint) =>
        new(new Diagnostic(FlakeErrors.BadFile, message) { Span = _sources.Span(position), Hints = hint.Length > 0 ? [hint] : [] });

    private string Place(int position) => _sources.Span(position) is { } span ? $"{span.Origin}:{span.Start.Line}:{span.Start.Column}" : _file;

    private static bool? Flag(Expression value) => value is Identifier variable
        ? variable.Name.ToString() switch { "true" => true, "false" => false, _ => null }
        : null;

    private static string KindOf(Expression value) => value switch
    {
        StringLiteral => "a string",
        IntegerLiteral => "an integer",
        FloatLiteral => "a float",
        PathLiteral => "a path",
        AttributeSet => "a set",
        Lambda => "a function",
        ListLiteral => "a list",
        _ when Flag(value) is not null => "a Boolean",
        _ => "a thunk",
    };
}
