namespace PatientResponse.Tests.Processes.Faults;

/// <summary>What people did with one message and were told that it is done. Noted as they are told, so a crash of the product loses nothing of it.</summary>
internal sealed class Story(string text)
{
    /// <summary>Of the message: no other has it.</summary>
    public string Text => text;

    /// <summary>Once it was acknowledged; the page may have been lost all the same.</summary>
    public Guid? Sent { get; set; }

    public bool SendWasTried { get; set; }

    /// <summary>How often it was acknowledged that the SMS goes out once more.</summary>
    public int SentAgain { get; set; }

    public int SendAgainTried { get; set; }

    /// <summary>The carrier's report was taken.</summary>
    public bool ReportTaken { get; set; }

    public HashSet<string> WrongDates { get; } = [];

    public bool Locked { get; set; }

    public bool Unlocked { get; set; }

    /// <summary>How often the right date of birth was acknowledged.</summary>
    public int Confirmed { get; set; }

    /// <summary>Files of which the page said that they are there, and their SHA-256.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Words that were saved while they were typed.</summary>
    public string? Kept { get; set; }

    public string? Answer { get; set; }

    public bool AnswerWasTried { get; set; }

    /// <summary>How often the conversation was shown, and how often it was asked for.</summary>
    public (int Shown, int Tried) Views { get; set; }

    public int Downloads { get; set; }

    public bool Done { get; set; }

    public bool Cancelled { get; set; }

    public bool CancelWasTried { get; set; }

    /// <summary>How many things were acknowledged.</summary>
    public int Acknowledged => (Sent is null ? 0 : 1) + SentAgain + Bit(ReportTaken) + WrongDates.Count + Bit(Unlocked) + Confirmed + Files.Count + Bit(Kept is not null)
        + Bit(Answer is not null) + Views.Shown + Downloads + Bit(Done) + Bit(Cancelled);

    private static int Bit(bool isSo) => isSo ? 1 : 0;
}
