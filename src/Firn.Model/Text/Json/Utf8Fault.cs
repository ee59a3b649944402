using System.Buffers;
using System.Text;

namespace Firn.Model.Text.Json;

/// <summary>Says where some bytes stop being UTF-8, in the words of C++ Nix's JSON library.</summary>
internal static class Utf8Fault
{
    internal static string Describe(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var status = Rune.DecodeFromUtf8(text[at..], out _, out var length);
            if (status == OperationStatus.NeedMoreData)
            {
                return $"[json.exception.type_error.316] incomplete UTF-8 string; last byte: 0x{text[^1]:X2}";
            }

            if (status == OperationStatus.InvalidData)
            {
                // The byte that cannot stand where it stands: the first, or one behind a good beginning.
                var culprit = text[at] is >= 0xC2 and <= 0xF4 ? at + length : at;
                return $"[json.exception.type_error.316] invalid UTF-8 byte at index {culprit}: 0x{text[culprit]:X2}";
            }

            at += length;
        }

        return "the text is valid";
    }
}
