using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>Looks through all bytes of a .doc for fields that fetch or run something (MS-DOC 2.8.25: a byte or character 0x13,
/// then the field's name), in whichever stream and version of Word.</summary>
internal static class DocFields
{
    private const byte Begin = 0x13;
    private const int ShortestName = 3, LongestName = 16;
    private const int LongestStretch = 64;

    public static bool AnyInBytes(ReadOnlySpan<byte> file, CheckWork work)
    {
        Span<char> name = stackalloc char[LongestName];
        for (int next; (next = file.IndexOf(Begin)) >= 0;)
        {
            work.Spend(6 + next / 64);
            file = file[(next + 1)..];
            var word = Name(file[..Math.Min(file.Length, LongestStretch)], name);
            if (word.Length >= ShortestName && FieldWords.IsFetching(word.ToString())) return true;
        }
        return false;
    }

    /// <summary>In letters of one byte or of two.</summary>
    private static ReadOnlySpan<char> Name(ReadOnlySpan<byte> code, Span<char> name)
    {
        var length = 0;
        foreach (var letter in code)
        {
            if (letter == 0 || (letter == ' ' && length == 0)) continue;
            if (!char.IsAsciiLetterOrDigit((char)letter) || length == name.Length) break;
            name[length++] = (char)letter;
        }
        return name[..length];
    }
}
