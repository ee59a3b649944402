using System.Text;
using Firn.Syntax.Tokens;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Parsing;

/// <summary>Paths: <c>./a</c>, <c>/a</c>, <c>~/a</c>, with interpolations in them.</summary>
public sealed partial class Parser
{
    private readonly StringBuilder _path = new();
    private string? _baseDirectory;

    private Expression ParsePath()
    {
        var (start, end) = (_lexer.Start, _lexer.End);
        var first = _isSkimming ? SkimFirstSegments() : new PathLiteral(At(start), At(end), ResolvePath());
        if (_lexer.ByteAt(end) != '$' && _lexer.ByteAt(end - 1) != '/')
        {
            _lexer.Next();
            return first;
        }

        var floor = _expressions.Count;
        _expressions.Push(first);
        var interpolates = false;
        var offset = end;
        while (true)
        {
            if (_lexer.ByteAt(offset) == '$' && _lexer.ByteAt(offset + 1) == '{')
            {
                interpolates = true;
                offset = ParseInterpolated(offset);
                continue;
            }

            var segment = SkipPathPart(offset);
            if (segment == offset)
            {
                break;
            }

            // Two slashes in a row are upstream's syntax error, unless an interpolation follows or came before.
            if (!interpolates && (segment != offset + 1 || _lexer.ByteAt(segment) != '$' || _lexer.ByteAt(segment + 1) != '{'))
            {
                throw DoubleSlash(start, offset);
            }

            if (!_isSkimming)
            {
                _expressions.Push(new StringLiteral(At(offset), At(segment), _bytes.AsSpan(offset, segment - offset).ToArray()));
            }

            offset = segment;
        }

        if (_bytes[offset - 1] == '/')
        {
            throw TrailingSlash(start, offset);
        }

        _lexer.Resume(offset);
        if (!interpolates)
        {
            _expressions.DropTo(floor);
            return first;
        }

        if (_isSkimming)
        {
            _expressions.DropTo(floor);
            return _skimmed;
        }

        return new Interpolation(At(start), At(offset), _expressions.TakeAbove(floor), isString: false);
    }

    /// <summary>Returns the offset behind the path characters at <paramref name="offset"/> that upstream takes in one piece.</summary>
    private int SkipPathPart(int offset)
    {
        var end = _lexer.SkipRun(offset, ByteClass.Path);
        return _lexer.ByteAt(end) == '/' ? _lexer.SkipSegments(end) : end;
    }

    private string ResolvePath()
    {
        CheckPath();
        var literal = _lexer.Text;
        if (_lexer.Kind == TokenKind.HomePath)
        {
            return HomeDirectory() + Encoding.ASCII.GetString(literal[1..]);
        }

        var path = _path;
        _baseDirectory ??= Canonical(_source.BaseDirectory);
        path.Clear();
        if (literal[0] != '/')
        {
            path.Append(_baseDirectory);
            if (path.Length == 1)
            {
                path.Clear();
            }
        }

        AppendCanonical(path, Encoding.ASCII.GetString(literal));

        // An interpolation that follows must find the slash that the text had.
        if (literal.Length > 1 && literal[^1] == '/')
        {
            path.Append('/');
        }

        return path.ToString();
    }

    private static string Canonical(string directory)
    {
        var path = new StringBuilder();
        AppendCanonical(path, directory);
        return path.ToString();
    }

    private static void AppendCanonical(StringBuilder path, ReadOnlySpan<char> relative)
    {
        foreach (var range in relative.Split('/'))
        {
            var segment = relative[range];
            switch (segment)
            {
                case "" or ".":
                    break;
                case "..":
                    var last = path.Length - 1;
                    while (last > 0 && path[last] != '/')
                    {
                        last--;
                    }

                    path.Length = Math.Max(last, 0);
                    break;
                default:
                    path.Append('/').Append(segment);
                    break;
            }
        }

        if (path.Length == 0)
        {
            path.Append('/');
        }
    }

    private string HomeDirectory()
    {
        if (_options.IsPure)
        {
            throw HomeInPureMode();
        }

        return _options.HomeDirectory ?? throw HomeUnknown();
    }
}
