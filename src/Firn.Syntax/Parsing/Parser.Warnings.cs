using System.Text;
using Firn.Model.Diagnostics;
using Firn.Syntax.Tokens;

namespace Firn.Syntax.Parsing;

/// <summary>Forms that are still understood but should not be written any more.</summary>
public sealed partial class Parser
{
    /// <summary>Warns of <c>f g or</c> and <c>[ f or ]</c>, which will mean something else once <c>or</c> is a plain name.</summary>
    private void WarnOfOr(int start)
    {
        if (_orEnd == 0)
        {
            return;
        }

        var span = SpanOf(start, _orEnd);
        var snippet = Encoding.UTF8.GetString(_bytes.AsSpan(start, _orEnd - start));
        Warn(Complaint(
            SyntaxErrors.OrAsIdentifier,
            $"at {span.Origin}:{span.Start.Line}:{span.Start.Column}: This expression uses `or` as an identifier in a way"
            + " that will change in a future Nix release.\n"
            + "Wrap this entire expression in parentheses to preserve its current meaning:\n"
            + $"    ({snippet})\n"
            + "Give feedback at https://github.com/NixOS/nix/pull/11121",
            start, _orEnd));
        _orEnd = 0;
    }

    private void CheckUri()
    {
        if (_options.UrlLiterals != Lint.Ignore)
        {
            var word = _options.UrlLiterals == Lint.Fatal ? "disallowed" : "discouraged";
            var text = Encoding.ASCII.GetString(_lexer.Text);
            Apply(
                _options.UrlLiterals, "lint-url-literals",
                $"URL literals are {word}. Consider using a string literal \"{text}\" instead");
        }
    }

    private void CheckPath()
    {
        var text = _lexer.Text;
        if (_lexer.Kind == TokenKind.HomePath)
        {
            Apply(
                _options.AbsolutePathLiterals, "lint-absolute-path-literals",
                "home path literals are not portable. Consider replacing path literal "
                + $"'{Encoding.ASCII.GetString(text)}' by a string, relative path, or parameter");
        }
        else if (text[0] == '/')
        {
            Apply(
                _options.AbsolutePathLiterals, "lint-absolute-path-literals",
                "absolute path literals are not portable. Consider replacing path literal "
                + $"'{Encoding.ASCII.GetString(text)}' by a string, relative path, or parameter");
        }
        else if (text[0] != '.')
        {
            var literal = Encoding.ASCII.GetString(text);
            Apply(
                _options.ShortPathLiterals, "lint-short-path-literals",
                $"relative path literal '{literal}' should be prefixed with '.' for clarity: './{literal}'");
        }
    }

    private void Apply(Lint lint, string setting, string message)
    {
        if (lint == Lint.Ignore)
        {
            return;
        }

        var complaint = Complaint(
            SyntaxErrors.DiscouragedLiteral, $"{message} ({setting})", _lexer.Start, _lexer.End);
        if (lint == Lint.Fatal)
        {
            throw new SyntaxException(complaint);
        }

        Warn(complaint);
    }

    private void Warn(Diagnostic warning) => (_warnings ??= []).Add(warning);
}
