using System.Buffers;

namespace PatientResponse.Infrastructure.Files;

/// <summary>Looks through a whole .doc for fields (MS-DOC 2.8.25: a byte or character 0x13, then the field's name).</summary>
internal static class DocFields
{
    private const char Begin = '\u0013';

    public static bool AnyActive(Stream file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            var words = new FieldWords();
            var inField = false;
            file.Position = 0;
            for (int read; (read = file.Read(buffer)) > 0;)
            {
                for (var i = 0; i < read; i++)
                {
                    if (!inField)
                    {
                        // Only the first word of a field: in pictures, short words turn up by chance.
                        var next = buffer.AsSpan(i, read - i).IndexOf((byte)Begin);
                        if (next < 0) break;
                        (i, inField) = (i + next, true);
                    }
                    else inField = (words.Feed((char)buffer[i]) && IsOfFieldName(buffer[i])) || buffer[i] == Begin;
                }
            }
            words.End();
            return words.Active;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static bool IsOfFieldName(byte value) => value is 0 or (byte)' ' || char.IsAsciiLetterOrDigit((char)value);
}
