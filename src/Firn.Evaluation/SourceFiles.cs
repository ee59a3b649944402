using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Firn.Evaluation.Forcing;
using Firn.Evaluation.Host;
using Firn.Evaluation.Remembering;
using Firn.Evaluation.Scopes;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Parsing;
using Firn.Syntax.Trees;
using AttributeSet = Firn.Evaluation.Values.AttributeSet;

namespace Firn.Evaluation;

/// <summary>Reads, parses and evaluates source texts; a file is evaluated once however often it is imported.</summary>
public sealed class SourceFiles
{
    private const int MaxLinks = 1024;

    private readonly Evaluator _eval;
    private readonly ParserOptions _options;
    private readonly Parser _parser;
    private readonly ConcurrentDictionary<string, Value> _values;
    private readonly ConcurrentDictionary<int, Shape> _variables;
    private readonly ConcurrentDictionary<string, string> _resolved;
    private (uint Set, Scope? Scope, Env Environment) _known;

    internal SourceFiles(Evaluator eval)
    {
        _eval = eval;
        (_values, _variables, _resolved) = (new(StringComparer.Ordinal), [], new(StringComparer.Ordinal));
        _options = new ParserOptions
        {
            PipeOperators = eval.Options.Features.Contains("pipe-operators"),
            IsPure = eval.Settings.PureEval,
            HomeDirectory = eval.Options.HomeDirectory,
            UrlLiterals = Lint(eval.Settings.LintUrlLiterals, eval.Options.Features.Contains("no-url-literals") ? Syntax.Parsing.Lint.Fatal : Syntax.Parsing.Lint.Ignore),
            ShortPathLiterals = Lint(eval.Settings.LintShortPathLiterals, eval.Settings.WarnShortPathLiterals && !eval.Options.HasShortPathLint ? Syntax.Parsing.Lint.Warn : Syntax.Parsing.Lint.Ignore),
            AbsolutePathLiterals = Lint(eval.Settings.LintAbsolutePathLiterals, Syntax.Parsing.Lint.Ignore),
        };
        _parser = new Parser(eval.Symbols, _options);
    }

    /// <summary>Makes one for another thread of the same evaluation.</summary>
    internal SourceFiles(Evaluator eval, SourceFiles other)
    {
        _eval = eval;
        (_options, _values, _variables, _resolved) = (other._options, other._values, other._variables, other._resolved);
        _parser = new Parser(eval.Symbols, _options);
    }

    /// <summary>Evaluates the file at <paramref name="path"/>, or <c>default.nix</c> in the folder there.</summary>
    public Value EvaluateFile(string path, int position = 0)
    {
        if (_values.TryGetValue(path, out var known))
        {
            return _eval.Force(known);
        }

        var file = ResolveExpressionFile(path, position);
        using var frame = _eval.Describing(() => $"while evaluating the file '{file}':", isRemark: false);
        if (!_values.TryGetValue(file, out var value))
        {
            // A thunk, so that a file which imports itself is infinite recursion with its cycle shown.
            value = _values.GetOrAdd(file, CompileFile(file, position));
        }

        value = Remembering(file, _eval.Force(value));
        _values[path] = _values[file] = value;
        return value;
    }

    /// <summary>Returns the value of a file that was evaluated, or null.</summary>
    internal Value? FindKnown(string file) => _values.TryGetValue(file, out var value) ? value : null;

    /// <summary>Evaluates a file with more variables than usual; each time anew.</summary>
    internal Value EvaluateFile(string path, AttributeSet variables, int position) =>
        Evaluate(ParseFile(ResolveExpressionFile(path, position), position), variables);

    /// <summary>Evaluates an expression given as text, whose relative paths start from <paramref name="baseDirectory"/>.</summary>
    public Value EvaluateText(string text, string baseDirectory = "/") =>
        _eval.Force(Compile(Parse(Encoding.UTF8.GetBytes(text), new SourceOrigin.Text(), baseDirectory)));

    /// <summary>Evaluates a text that is part of the program.</summary>
    internal Value EvaluateCore(string text, string name) =>
        _eval.Force(Compile(Parse(Encoding.UTF8.GetBytes(text), new SourceOrigin.File(CoreFiles.Directory + name), "/")));

    /// <summary>Evaluates what came from standard input.</summary>
    public Value EvaluateInput(byte[] text, string baseDirectory) =>
        _eval.Force(Compile(Parse(text, new SourceOrigin.StandardInput(), baseDirectory)));

    /// <summary>Evaluates an expression with more variables than usual.</summary>
    public unsafe Value Evaluate(Expression expression, AttributeSet variables)
    {
        var flat = variables.Flat(_eval.Shapes);
        if (_known.Scope is null || _known.Set != flat.Handle)
        {
            // At a prompt the same thousands of variables are in sight of one line after the other.
            var outer = ScopeOf(flat.Shape);
            var places = Env.Make(_eval.Heap, Env.Empty, outer.Frame.Size);
            flat.Slots.CopyTo(places.At(1));
            _known = (flat.Handle, outer, places);
        }

        if (_eval.Sources.Find(expression.Start) is { } source)
        {
            _variables[source.Base] = flat.Shape;
        }

        var scope = _known.Scope.WithFrame();
        var code = new Compiler(_eval).Tail(expression, scope);
        var environment = Env.Make(_eval.Heap, _known.Environment, scope.Frame.Size);

        // A thunk, so that what fails inside finds its variables among what was going on.
        var cell = _eval.Heap.Allocate(1);
        code.Delay(environment, _eval, cell);
        return _eval.Force(cell);
    }

    /// <summary>Returns the outermost scope that a source was compiled in: an empty one, or one with more variables than usual.</summary>
    internal Scope ScopeOf(Syntax.Text.SourceText source) =>
        _variables.TryGetValue(source.Base, out var shape) ? ScopeOf(shape).WithFrame() : Scope.Root();

    /// <summary>Parses a text and checks that its variables are defined.</summary>
    /// <exception cref="SourceException">It is no expression.</exception>
    /// <exception cref="EvaluationException">A variable is not defined.</exception>
    public Expression ParseAndCheck(byte[] text, SourceOrigin origin, string baseDirectory) =>
        Checked(Parse(_eval.Sources.Add(origin, text, baseDirectory)));

    /// <summary>Parses the file at <paramref name="file"/> itself and checks that its variables are defined.</summary>
    /// <exception cref="SourceException">It is no expression.</exception>
    /// <exception cref="EvaluationException">A variable is not defined.</exception>
    public Expression ParseAndCheckFile(string file, int position) => Checked(Parse(ReadFile(file, position)));

    /// <summary>Parses a value that was left out when its source was skimmed.</summary>
    /// <exception cref="InsufficientExecutionStackException">The stack does not allow it.</exception>
    internal Expression ParseValue(SkimmedSource source, int position, Syntax.Text.Symbol? name) => _parser.ParseValue(source, position, name);

    private Expression Checked(ParseResult result)
    {
        if (result.FreeVariables is not { } free || !AreDefined(free))
        {
            // The compiler finds them too, and says so.
            _ = new Compiler(_eval).Tail(result.Root!, Scope.Root());
        }

        return result.Root!;
    }

    private bool AreDefined(ImmutableArray<Syntax.Text.Symbol> variables)
    {
        foreach (var variable in variables)
        {
            if (_eval.Globals.Find(variable) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <exception cref="SourceException">It is no expression.</exception>
    private Expression Parse(byte[] text, SourceOrigin origin, string baseDirectory) => Parse(_eval.Sources.Add(origin, text, baseDirectory)).Root!;

    private ParseResult Parse(Syntax.Text.SourceText source)
    {
        var result = _parser.Parse(source);
        Tell(result.Warnings);
        return result.Root is null ? throw new SourceException(WithForm(result.Diagnostics[0], source.Origin)) : result;
    }

    private void Tell(ImmutableArray<Diagnostic> warnings)
    {
        foreach (var warning in warnings)
        {
            _eval.Host.Tell(MessageKind.Warning, warning.Message);
        }
    }

    // Files of other languages are imported by mistake.
    private static Diagnostic WithForm(Diagnostic diagnostic, SourceOrigin origin)
    {
        var reader = origin is SourceOrigin.File(var path) ? Path.GetExtension(path) switch
        {
            ".json" => "builtins.fromJSON",
            ".toml" => "builtins.fromTOML",
            _ => null,
        } : null;
        return reader is null ? diagnostic : diagnostic with { Hints = [$"`import` reads Nix only. Read this file with {reader} (builtins.readFile path)."] };
    }

    /// <summary>Parses a source once more; null when it is no expression.</summary>
    internal Expression? ParseAgain(Syntax.Text.SourceText source) =>
        Parser.Parse(source, _eval.Symbols, _options).Root ?? Parser.ParseBindings(source, _eval.Symbols, _options).Root;

    /// <summary>Parses what was typed at a prompt: an expression, or definitions without braces.</summary>
    internal ParseResult Read(string text, string baseDirectory, bool asBindings)
    {
        var source = _eval.Sources.Add(new SourceOrigin.Text(), Encoding.UTF8.GetBytes(text), baseDirectory);
        return asBindings ? Parser.ParseBindings(source, _eval.Symbols, _options) : Parser.Parse(source, _eval.Symbols, _options);
    }

    /// <summary>Forgets what files were evaluated to: they may have changed.</summary>
    public void Forget()
    {
        _values.Clear();
        _resolved.Clear();
    }

    /// <summary>Follows links and turns a folder into its <c>default.nix</c>.</summary>
    public string ResolveExpressionFile(string path, int position)
    {
        if (_resolved.TryGetValue(path, out var known))
        {
            return known;
        }

        if (CoreFiles.Contains(path))
        {
            return path;
        }

        var files = _eval.Host.Files;
        var file = _eval.CheckLinks(path, followsLast: false, position);
        var kind = files.FindKind(Real(file));
        for (var links = 0; kind == FileKind.Link; links++)
        {
            if (links == MaxLinks)
            {
                throw _eval.Error(EvaluationErrors.FileNotFound, position, $"too many symbolic links encountered while traversing the path '{path}'");
            }

            file = PathText.Canonical(files.ReadLink(Real(file)) is ['/', ..] absolute ? absolute : $"{PathText.Parent(file)}/{files.ReadLink(Real(file))}");
            _eval.CheckAccess(file, position);
            kind = files.FindKind(Real(file));
        }

        if (kind is null)
        {
            throw _eval.MissingFile(file, position);
        }

        if (kind == FileKind.Directory)
        {
            file = PathText.Append(file, "default.nix");
        }

        return _resolved[path] = file;
    }

    /// <summary>Parses the file at <paramref name="file"/> itself.</summary>
    private Expression ParseFile(string file, int position) => Parse(ReadFile(file, position)).Root!;

    private Syntax.Text.SourceText ReadFile(string file, int position) =>
        _eval.Sources.Add(new SourceOrigin.File(file) { Shown = _eval.Host.Flakes.FindOrigin(file) }, CoreFiles.Find(file) ?? Content(file, position), PathText.Parent(file));

    private byte[] Content(string file, int position)
    {

        var real = _eval.Host.Store.RealPath(file);
        if (_eval.Host.Files.FindKind(real) is null)
        {
            throw _eval.MissingFile(file, position);
        }

        return _eval.Host.Files.ReadFile(real);
    }

    private Scope ScopeOf(Shape shape)
    {
        var scope = Scope.Root();
        foreach (var symbol in shape.Symbols)
        {
            scope.Add(_eval.Symbols[symbol]);
        }

        return scope;
    }

    private string Real(string path) => _eval.Host.Store.RealPath(path);

    private Value CompileFile(string file, int position)
    {
        _eval.CountWork();
        var source = ReadFile(file, position);
        if (_parser.Skim(source) is not { } skimmed || !AreDefined(skimmed.FreeVariables))
        {
            // Whatever is wrong with it is found out on the way.
            return Compile(Parse(source).Root!);
        }

        Tell(skimmed.Warnings);
        var scope = Scope.Root(new DeferringSource(_eval, skimmed));
        return Delay(new Compiler(_eval).Tail(_parser.ParseRoot(skimmed), scope), scope);
    }

    // Within what is remembered as a whole nothing is remembered on its own.
    private Value Remembering(string file, Value value) =>
        _eval.ClosedCalls is not null && !_eval.IsClosedNow && ClosedCalls.IsWorthIt(file) && value.AsClosure is { Code.Arity: 1 } function
            ? Closure.Of(function.Code.Remembered(file), function.Environment)
            : value;

    private Value Compile(Expression expression)
    {
        var scope = Scope.Root();
        return Delay(new Compiler(_eval).Tail(expression, scope), scope);
    }

    private unsafe Value Delay(Code code, Scope scope)
    {
        var cell = _eval.Heap.Allocate(1);
        code.Delay(Env.Make(_eval.Heap, Env.Empty, scope.Frame.Size), _eval, cell);
        return Value.ThunkAt(cell);
    }

    private static Lint Lint(string text, Lint otherwise) => text switch
    {
        "warn" => Syntax.Parsing.Lint.Warn,
        "fatal" => Syntax.Parsing.Lint.Fatal,
        _ => otherwise,
    };
}

/// <summary>A source text is no expression.</summary>
public sealed class SourceException(Diagnostic diagnostic) : FirnException(diagnostic);
