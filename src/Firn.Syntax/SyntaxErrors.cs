using Firn.Model.Diagnostics;

namespace Firn.Syntax;

/// <summary>The error codes of this room.</summary>
public static class SyntaxErrors
{
    /// <summary>A token that cannot stand where it stands, and nothing more precise is known.</summary>
    public static ErrorCode UnexpectedToken { get; } = new("syntax/unexpected-token");

    public static ErrorCode UnexpectedEnd { get; } = new("syntax/unexpected-end");

    public static ErrorCode InvalidCharacter { get; } = new("syntax/invalid-character");

    public static ErrorCode MissingSemicolon { get; } = new("syntax/missing-semicolon");

    public static ErrorCode CommaInList { get; } = new("syntax/comma-in-list");

    public static ErrorCode CommaInSet { get; } = new("syntax/comma-in-set");

    public static ErrorCode SemicolonInList { get; } = new("syntax/semicolon-in-list");

    public static ErrorCode AssignmentInExpression { get; } = new("syntax/assignment-in-expression");

    public static ErrorCode ComparisonInBinding { get; } = new("syntax/comparison-in-binding");

    public static ErrorCode ComparisonChain { get; } = new("syntax/comparison-chain");

    public static ErrorCode ReservedWord { get; } = new("syntax/reserved-word");

    public static ErrorCode UnclosedBracket { get; } = new("syntax/unclosed-bracket");

    public static ErrorCode UnclosedString { get; } = new("syntax/unclosed-string");

    public static ErrorCode UnclosedComment { get; } = new("syntax/unclosed-comment");

    public static ErrorCode NulInString { get; } = new("syntax/nul-in-string");

    public static ErrorCode NeedsParentheses { get; } = new("syntax/needs-parentheses");

    public static ErrorCode DuplicateAttribute { get; } = new("syntax/duplicate-attribute");

    public static ErrorCode DuplicateFormal { get; } = new("syntax/duplicate-argument");

    public static ErrorCode DynamicInLet { get; } = new("syntax/dynamic-in-let");

    public static ErrorCode DynamicInInherit { get; } = new("syntax/dynamic-in-inherit");

    public static ErrorCode InvalidInteger { get; } = new("syntax/invalid-integer");

    public static ErrorCode InvalidFloat { get; } = new("syntax/invalid-float");

    public static ErrorCode TrailingSlash { get; } = new("syntax/trailing-slash");

    public static ErrorCode DoubleSlash { get; } = new("syntax/double-slash");

    public static ErrorCode HomeInPureMode { get; } = new("syntax/home-in-pure-mode");

    public static ErrorCode HomeUnknown { get; } = new("syntax/home-unknown");

    public static ErrorCode FeatureDisabled { get; } = new("syntax/feature-disabled");

    public static ErrorCode DiscouragedLiteral { get; } = new("syntax/discouraged-literal");

    public static ErrorCode OrAsIdentifier { get; } = new("syntax/or-as-identifier");

    public static ErrorCode TooDeep { get; } = new("syntax/too-deep");
}
