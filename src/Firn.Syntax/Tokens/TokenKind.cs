namespace Firn.Syntax.Tokens;

/// <summary>What the words of the language are; the order within groups matters to <see cref="Tokens.Lexer"/>'s users.</summary>
internal enum TokenKind : byte
{
    End,
    Invalid,

    Identifier,
    Integer,
    Float,
    Quote,
    IndentedQuote,
    Path,
    HomePath,
    SearchPath,
    Uri,
    LeftParenthesis,
    LeftBrace,
    LeftBracket,
    Rec,
    Let,

    If,
    Then,
    Else,
    Assert,
    With,
    In,
    Inherit,
    Or,

    RightParenthesis,
    RightBrace,
    RightBracket,
    DollarBrace,
    Assign,
    Semicolon,
    Colon,
    At,
    Comma,
    Dot,
    Ellipsis,

    Implies,
    OrElse,
    AndAlso,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Update,
    Not,
    Plus,
    Minus,
    Star,
    Slash,
    Concatenate,
    Question,

    PipeInto,
    PipeFrom,
}

/// <summary>How tokens are called in messages.</summary>
internal static class TokenKinds
{
    internal static bool IsKeyword(this TokenKind kind) => kind
        is TokenKind.If or TokenKind.Then or TokenKind.Else or TokenKind.Assert or TokenKind.With or TokenKind.Let
        or TokenKind.In or TokenKind.Rec or TokenKind.Inherit;

    internal static bool StartsTerm(this TokenKind kind) => kind is >= TokenKind.Identifier and <= TokenKind.Let;

    internal static string Describe(this TokenKind kind) => kind switch
    {
        TokenKind.End => "end of file",
        TokenKind.Invalid => "invalid token",
        TokenKind.Identifier => "identifier",
        TokenKind.Integer => "integer",
        TokenKind.Float => "floating-point literal",
        TokenKind.Quote => "'\"'",
        TokenKind.IndentedQuote => "start of an indented string",
        TokenKind.Path => "path",
        TokenKind.HomePath => "'~/…' path",
        TokenKind.SearchPath => "'<…>' path",
        TokenKind.Uri => "URI",
        TokenKind.LeftParenthesis => "'('",
        TokenKind.LeftBrace => "'{'",
        TokenKind.LeftBracket => "'['",
        TokenKind.RightParenthesis => "')'",
        TokenKind.RightBrace => "'}'",
        TokenKind.RightBracket => "']'",
        TokenKind.DollarBrace => "'${'",
        TokenKind.Assign => "'='",
        TokenKind.Semicolon => "';'",
        TokenKind.Colon => "':'",
        TokenKind.At => "'@'",
        TokenKind.Comma => "','",
        TokenKind.Dot => "'.'",
        TokenKind.Ellipsis => "'...'",
        TokenKind.Implies => "'->'",
        TokenKind.OrElse => "'||'",
        TokenKind.AndAlso => "'&&'",
        TokenKind.Equal => "'=='",
        TokenKind.NotEqual => "'!='",
        TokenKind.Less => "'<'",
        TokenKind.LessOrEqual => "'<='",
        TokenKind.Greater => "'>'",
        TokenKind.GreaterOrEqual => "'>='",
        TokenKind.Update => "'//'",
        TokenKind.Not => "'!'",
        TokenKind.Plus => "'+'",
        TokenKind.Minus => "'-'",
        TokenKind.Star => "'*'",
        TokenKind.Slash => "'/'",
        TokenKind.Concatenate => "'++'",
        TokenKind.Question => "'?'",
        TokenKind.PipeInto => "'|>'",
        TokenKind.PipeFrom => "'<|'",
        _ => $"'{kind.ToString().ToLowerInvariant()}'",
    };
}
