namespace PatientResponse.Tests.Processes.Faults;

/// <summary>Which point the next bytes of one connection are.</summary>
/// <param name="isFromProcess">Who says them: the process, or its counterpart.</param>
internal delegate Point? Spotter(ReadOnlySpan<byte> bytes, bool isFromProcess);

internal static class Spotters
{
    /// <summary>PostgreSQL's protocol in clear: a statement ends in NUL, and so does what the server says that it did.</summary>
    public static Spotter Database() => (bytes, isFromProcess) =>
        isFromProcess && (bytes.IndexOf("commit\0"u8) >= 0 || bytes.IndexOf("COMMIT\0"u8) >= 0) ? Point.CommitComes
        : !isFromProcess && bytes.IndexOf("COMMIT\0"u8) >= 0 ? Point.CommitDone
        : null;

    public static Spotter Carrier() => Asking("POST "u8.ToArray(), Point.CarrierAsked, Point.CarrierAnswers);

    public static Spotter Scanner() => Asking("zINSTREAM"u8.ToArray(), Point.ScannerAsked, Point.ScannerAnswers);

    public static Spotter Store() => Asking("PUT "u8.ToArray(), Point.StoreAsked, Point.StoreAnswers);

    /// <summary>SMTP in clear: a mail is taken when its last line, a dot, is answered.</summary>
    public static Spotter Relay()
    {
        var isSent = false;
        return (bytes, isFromProcess) =>
        {
            var answers = !isFromProcess && isSent;
            isSent = isFromProcess && bytes.EndsWith("\r\n.\r\n"u8);
            return isFromProcess && bytes.StartsWith("MAIL FROM"u8) ? Point.RelayAsked : answers ? Point.RelayAnswers : null;
        };
    }

    /// <summary>Who is asked says nothing until it answers.</summary>
    private static Spotter Asking(byte[] question, Point asked, Point answers)
    {
        var isAsked = false;
        return (bytes, isFromProcess) =>
        {
            if (isFromProcess)
            {
                var begins = bytes.StartsWith(question);
                isAsked |= begins;
                return begins ? asked : null;
            }
            var isAnswer = isAsked;
            isAsked = false;
            return isAnswer ? answers : null;
        };
    }
}
