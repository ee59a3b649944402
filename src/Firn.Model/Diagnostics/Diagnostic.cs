using System.Collections.Immutable;

namespace Firn.Model.Diagnostics;

/// <summary>Everything a person is told about one failure; rendering it is the command line's business.</summary>
public sealed record Diagnostic(ErrorCode Code, string Message)
{
    /// <summary>The source text at fault, when there is one.</summary>
    public SourceSpan? Span { get; init; }

    /// <summary>What is wrong at <see cref="Span"/>, in a few words; may be empty.</summary>
    public string SpanText { get; init; } = "";

    /// <summary>Other places that explain the failure, each with what it has to do with it.</summary>
    public ImmutableArray<Label> Labels { get; init; } = [];

    /// <summary>What was being done, innermost first.</summary>
    public ImmutableArray<TraceFrame> Trace { get; init; } = [];

    /// <summary>What the reader can try next, each a full sentence.</summary>
    public ImmutableArray<string> Hints { get; init; } = [];

    /// <summary>Facts that belong to the failure, each a full sentence.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>A place and what it has to do with a failure.</summary>
public sealed record Label(SourceSpan Span, string Text);

/// <summary>One line of a trace: what was being done, and where it is written.</summary>
/// <param name="Doing">What was being done.</param>
/// <param name="Span">The place, when there is one.</param>
public sealed record TraceFrame(string Doing, SourceSpan? Span)
{
    /// <summary>The library that the place is in, which is hidden unless the whole trace is asked for; null for the user's own files.</summary>
    public string? Library { get; init; }

    /// <summary>Whether the frame says nothing that the place does not say by itself.</summary>
    public bool IsMinor { get; init; }

    /// <summary>Whether somebody wrote <see cref="Doing"/> for the reader of the message.</summary>
    public bool IsRemark { get; init; }
}

/// <summary>A stretch of one source text, resolved for a reader; length in bytes, 0 when only the start is known.</summary>
public sealed record SourceSpan(SourceOrigin Origin, LineColumn Start, int Length, byte[] LineBytes);

/// <summary>A line and a column, both counted from 1; columns count bytes.</summary>
public readonly record struct LineColumn(int Line, int Column);

/// <summary>Where a source text came from.</summary>
public abstract record SourceOrigin
{
    private SourceOrigin() { }

    /// <summary>A file, by its absolute path.</summary>
    public sealed record File(string Path) : SourceOrigin
    {
        /// <summary>What people know the file by, when that is something else: a file of a fetched tree comes from somewhere.</summary>
        public string? Shown { get; init; }

        public override string ToString() => Shown ?? Path;
    }

    /// <summary>An expression given on the command line or built at run time.</summary>
    public sealed record Text : SourceOrigin
    {
        public override string ToString() => "«string»";
    }

    /// <summary>Standard input.</summary>
    public sealed record StandardInput : SourceOrigin
    {
        public override string ToString() => "«stdin»";
    }
}

/// <summary>A stable, greppable name for a kind of failure, <c>room/slug</c>.</summary>
public readonly record struct ErrorCode(string Name)
{
    public override string ToString() => Name;
}
